using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.Running;

// First of all: whatever anybody prints from here on goes to standard error, so that standard output is protocol only.
var (input, output) = StandardStreams.TakeForProtocol();
using var channel = WorkerChannel.ForWorker(input, output);
if (args is [Describing.Argument])
{
    await channel.WriteAsync(Describing.Describe());
    ProcessExit.Now(ProcessExit.Done);
}

if (args is [SchemaCheck.Argument])
{
    ProcessExit.Now(await SchemaCheck.AnswerAsync(channel));
}

if (args is [DeclarationTrial.Argument])
{
    ProcessExit.Now(await DeclarationTrial.AnswerAsync(channel));
}

if (args is [ForecastQuestion.Argument])
{
    ProcessExit.Now(await ForecastQuestion.AnswerAsync(channel));
}

var exitCode = await new WorkerProcess(channel, TimeProvider.System).RunAsync();
ProcessExit.Now(exitCode);
