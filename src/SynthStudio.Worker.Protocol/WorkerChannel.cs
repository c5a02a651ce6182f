using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Protocol;

/// <summary>The two ends of the conversation between a silo and a worker process.</summary>
public static class WorkerChannel
{
    /// <summary>The silo's end of a started worker process.</summary>
    /// <param name="workerOutput">The worker's standard output.</param>
    /// <param name="workerInput">The worker's standard input; closing it tells the worker to exit at once.</param>
    public static MessageChannel<WorkerOutput, WorkerInput> ForSilo(Stream workerOutput, Stream workerInput) => new(workerOutput, workerInput);

    /// <summary>The worker's end.</summary>
    /// <param name="input">Its standard input.</param>
    /// <param name="output">Its standard output.</param>
    public static MessageChannel<WorkerInput, WorkerOutput> ForWorker(Stream input, Stream output) => new(input, output);
}
