using Microsoft.Extensions.Logging;

namespace SynthStudio.Compute;

/// <summary>What asking the worker what it knows logs.</summary>
internal static partial class MethodsLog
{
    [LoggerMessage(2101, LogLevel.Warning, "There is no worker executable to ask for its methods.")]
    public static partial void Missing(ILogger logger, Exception error);

    [LoggerMessage(2102, LogLevel.Error, "The worker {Executable} did not tell its methods: it {How}.")]
    public static partial void Broken(ILogger logger, Exception? error, string executable, string how);

    [LoggerMessage(2103, LogLevel.Warning, "A schema file was not checked; the job that reads by it will.")]
    public static partial void SchemaNotChecked(ILogger logger);

    [LoggerMessage(2104, LogLevel.Warning, "A worker that was asked {Question} did not answer: it {How}.")]
    public static partial void NotAnswered(ILogger logger, Exception? error, string question, string how);

    [LoggerMessage(2105, LogLevel.Error, "A worker that was asked {Question} failed unexpectedly: {Trace}")]
    public static partial void Failed(ILogger logger, string question, string trace);
}
