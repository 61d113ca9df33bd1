/** Everything in this process that says nothing runs on the engine in user space. */
process.env['KERNEL_SCTP_ENGINE'] = 'user';
