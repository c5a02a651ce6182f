using Microsoft.Extensions.Logging;

namespace SynthStudio.Compute;

/// <summary>What a compute silo logs.</summary>
internal static partial class ComputeLog
{
    [LoggerMessage(2001, LogLevel.Information, "{Job} starts here under epoch {Epoch}.")]
    public static partial void Started(ILogger logger, string job, long epoch);

    [LoggerMessage(2002, LogLevel.Information, "{Job} (epoch {Epoch}) ended here: {End}.")]
    public static partial void Ended(ILogger logger, string job, long epoch, string end);

    [LoggerMessage(2003, LogLevel.Information, "{Job} (epoch {Epoch}) has nothing to do here any more.")]
    public static partial void NothingToDo(ILogger logger, string job, long epoch);

    [LoggerMessage(2004, LogLevel.Warning, "{Job} (epoch {Epoch}) was abandoned: the lease is no longer this silo's.")]
    public static partial void Abandoned(ILogger logger, string job, long epoch);

    [LoggerMessage(2005, LogLevel.Warning, "{Job} (epoch {Epoch}): the owner did not answer; the report is sent again.")]
    public static partial void ReportFailed(ILogger logger, Exception error, string job, long epoch);

    [LoggerMessage(2006, LogLevel.Warning, "The scheduler did not answer the heartbeat; it is sent again.")]
    public static partial void HeartbeatFailed(ILogger logger, Exception error);

    [LoggerMessage(2007, LogLevel.Error, "{Job} (epoch {Epoch}) could not be run.")]
    public static partial void RunFailed(ILogger logger, Exception error, string job, long epoch);

    [LoggerMessage(2008, LogLevel.Error, "{Job} (epoch {Epoch}): the worker failed unexpectedly: {Trace}")]
    public static partial void WorkerFailed(ILogger logger, string job, long epoch, string trace);

    [LoggerMessage(2009, LogLevel.Warning, "The worker {ProcessId} that was started ahead {How}.")]
    public static partial void WarmWorkerLeft(ILogger logger, int processId, string how);

    [LoggerMessage(2010, LogLevel.Warning, "No worker could be started ahead.")]
    public static partial void NoWarmWorker(ILogger logger, Exception error);

    [LoggerMessage(2011, LogLevel.Warning, "{Job}: the worker did not leave within {Grace} and is killed.")]
    public static partial void Killed(ILogger logger, string job, TimeSpan grace);

    [LoggerMessage(2012, LogLevel.Warning, "Scratch folder {Folder} could not be removed.")]
    public static partial void ScratchStays(ILogger logger, Exception error, string folder);

    [LoggerMessage(2013, LogLevel.Warning, "{Count} runs did not end before the silo had to go.")]
    public static partial void LeftRunning(ILogger logger, int count);

    [LoggerMessage(2014, LogLevel.Warning, "The worker {ProcessId} that stayed with a loaded model {How}; {Job} gets a new one.")]
    public static partial void KeptWorkerLeft(ILogger logger, int processId, string how, string job);

    [LoggerMessage(2015, LogLevel.Warning, "The idle worker {ProcessId} could not be ended in order.")]
    public static partial void WorkerNotEnded(ILogger logger, Exception error, int processId);

    [LoggerMessage(2016, LogLevel.Information, "Workers of this silo compute on {Devices}.")]
    public static partial void DevicesFound(ILogger logger, string devices);

    [LoggerMessage(2017, LogLevel.Warning, "{Job} (epoch {Epoch}): the worker process {Hang}.")]
    public static partial void Hangs(ILogger logger, string job, long epoch, string hang);

    [LoggerMessage(2018, LogLevel.Warning, "{Job} (epoch {Epoch}): the checkpoint at step {Step} could not be stored; the training goes on.")]
    public static partial void CheckpointSkipped(ILogger logger, Exception error, string job, long epoch, long step);

    [LoggerMessage(2019, LogLevel.Warning, "{Job} (epoch {Epoch}): what the worker made cannot be stored; it is tried again in {Wait}.")]
    public static partial void StoreWaitedFor(ILogger logger, Exception error, string job, long epoch, TimeSpan wait);

    [LoggerMessage(2020, LogLevel.Error,
        "This silo is to offer {Wanted} x {Kind} (settings Workers:Accelerator and Workers:Accelerators, or what was there before) and its workers see {Devices}: it offers {Offered}, and jobs that need more "
        + "wait. Look whether the driver serves (nvidia-smi), whether the container was given the GPU, and whether the worker is built for it (TorchBackend=cuda). Asked again in {Pause}.")]
    public static partial void AcceleratorsMissing(ILogger logger, int wanted, string kind, string devices, int offered, TimeSpan pause);

    [LoggerMessage(2021, LogLevel.Warning, "{Job} (epoch {Epoch}): the owner did not hand out the order; it is asked again.")]
    public static partial void OrderFailed(ILogger logger, Exception error, string job, long epoch);
}
