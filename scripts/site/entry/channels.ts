export * from '../../../types/channels';
