/**
 * Classes that can be called without `new`, as the constructors of Node's older modules can:
 * `Socket(options)` makes one, and `Socket.call(this, options)` makes one of an object that
 * inherits from its prototype (`util.inherits`).
 */

type AnyClass = abstract new (...args: never[]) => object;

/** @typeParam Call the signature without `new`; required where the constructor has several */
export type Callable<
  Class extends AnyClass,
  Call = (...args: ConstructorParameters<Class>) => InstanceType<Class>,
> = Class & Call;

/** What `new.target` is while an object is made of one that exists, and that object. */
const existing = new WeakMap<object, object>();

/**
 * What the lowest of a callable class's layers must extend instead of `base`, whose constructor
 * has to be a plain function. The fields of all layers are then added to an object that exists.
 *
 * A function in between would do as well, but the engine would allocate an object for it: with two
 * constructors that take turns at one class, no two of its objects would share a hidden class.
 */
export function extensible<Base extends AnyClass>(base: Base): Base {
  const construct = base as unknown as new (...args: unknown[]) => object;
  return new Proxy(construct, {
    construct(_target, args: unknown[], newTarget): object {
      const self = existing.get(newTarget);
      if (self === undefined) return Reflect.construct(construct, args, newTarget) as object;
      Reflect.apply(construct, self, args);
      return self;
    },
  }) as unknown as Base;
}

/** The class itself, with the same prototype, but callable. Its lowest layer is `extensible`. */
export function callable<
  Class extends AnyClass,
  Call = (...args: ConstructorParameters<Class>) => InstanceType<Class>,
>(definition: Class): Callable<Class, Call> {
  const construct = definition as unknown as new (...args: unknown[]) => object;
  const result = new Proxy(construct, {
    // With the Proxy as `new.target` the engine could not foresee the shape of what is made, and
    // each object would get a hidden class of its own.
    construct(_target, args: unknown[], newTarget): object {
      const target = newTarget === result ? construct : newTarget;
      return Reflect.construct(construct, args, target) as object;
    },
    apply(_target, self: unknown, args: unknown[]): object {
      if (!(self instanceof construct)) return new construct(...args);
      // Another one for each call, so that objects made meanwhile are not mistaken for this one.
      const target = function (): void {
        // never run
      };
      existing.set(target, self);
      return Reflect.construct(construct, args, target) as object;
    },
  });
  const { prototype } = definition as unknown as { prototype: object };
  Object.defineProperty(prototype, 'constructor', {
    value: result,
    writable: true,
    configurable: true,
  });
  return result as unknown as Callable<Class, Call>;
}
