// Compiled, not run: what `require` of kernel-sctp/channels offers.
import channels = require('kernel-sctp/channels');

const association: channels.DataChannelAssociation = channels.createDataChannelAssociation({
  role: 'client',
});
const channel: channels.DataChannel = association.createDataChannel('x');
channel.onbufferedamountlow = function () {
  this.send('x');
};
