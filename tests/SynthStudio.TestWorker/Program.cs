using SynthStudio.TestWorker;
using SynthStudio.Worker.Protocol;

using var channel = WorkerChannel.ForWorker(Console.OpenStandardInput(), Console.OpenStandardOutput());
if (args is ["--describe"]) return await SelfDescription.WriteAsync(channel);
if (await channel.ReadAsync() is not { Order: { } order }) return 3;

return await new ScriptedWorker(channel, order).RunAsync();
