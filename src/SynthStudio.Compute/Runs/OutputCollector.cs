using SynthStudio.Worker.V1;

namespace SynthStudio.Compute;

/// <summary>Turns a worker's messages into updates for the owner: files become objects before anybody hears of them.</summary>
internal static class OutputCollector
{
    /// <summary>The update; null for a message that says nothing.</summary>
    /// <param name="output">What the worker said.</param>
    /// <param name="silo">Where it runs.</param>
    /// <param name="store">Stores a file, of a media type; what it throws is passed on.</param>
    public static async Task<WorkUpdate?> CollectAsync(WorkerOutput output, string silo, Func<string, string, Task<ObjectRef>> store) =>
        await TakeAsync(output, silo, store) is { } update ? update with { Time = output.Time?.ToDateTimeOffset() } : null;

    public static bool IsEnd(WorkUpdate update) => update is WorkCompleted or WorkPaused or WorkFailed or WorkCancelled;

    private static async Task<WorkUpdate?> TakeAsync(WorkerOutput output, string silo, Func<string, string, Task<ObjectRef>> store) => output.ContentCase switch
    {
        WorkerOutput.ContentOneofCase.Started => new WorkStarted(silo, output.Started.ProcessId, output.Started.Device),
        WorkerOutput.ContentOneofCase.Progress => Progress(output.Progress),
        WorkerOutput.ContentOneofCase.Checkpoint => new WorkCheckpointed(new CheckpointRef(
            await store(output.Checkpoint.Path, "application/octet-stream"), output.Checkpoint.Step)),
        WorkerOutput.ContentOneofCase.Part => new WorkPartStored(new PartRef(
            output.Part.Number, output.Part.Rows, await store(output.Part.Path, "text/csv"))),
        WorkerOutput.ContentOneofCase.Log => output.Log.Level == "debug" ? null : new WorkLogged(output.Log.Level, output.Log.Message),
        WorkerOutput.ContentOneofCase.Completed => await CompletedAsync(output.Completed, store),
        WorkerOutput.ContentOneofCase.PrivacySpent => new WorkSpent(output.PrivacySpent.EventJson, output.PrivacySpent.Epsilon),
        WorkerOutput.ContentOneofCase.Paused => new WorkPaused(SiloShutsDown: false),
        WorkerOutput.ContentOneofCase.Failed => Failed(output.Failed),
        _ => null,
    };

    private static WorkProgressed Progress(Progress progress) => new(
        progress.Step, progress.Fraction, progress.Remaining?.ToTimeSpan(), new Dictionary<string, double>(progress.Metrics))
    {
        Epsilon = progress.HasEpsilon ? progress.Epsilon : null,
    };

    private static async Task<WorkCompleted> CompletedAsync(Completed completed, Func<string, string, Task<ObjectRef>> store)
    {
        var artifacts = new Dictionary<string, ObjectRef>();
        foreach (var artifact in completed.Artifacts)
        {
            artifacts[artifact.Role] = await store(artifact.Path, artifact.MediaType);
        }

        var metrics = new Dictionary<string, double>(completed.Metrics) { ["peak_memory_bytes"] = completed.PeakMemoryBytes };
        return new WorkCompleted(new WorkResult(artifacts, metrics) { Privacy = Statements.Parse(completed.PrivacyStatementJson) });
    }

    private static WorkUpdate Failed(Failed failed) => failed.Class == Worker.V1.Failed.Types.Class.Cancelled
        ? new WorkCancelled()
        : new WorkFailed(new WorkError(ClassOf(failed.Class), failed.Reason, failed.Message, failed.Subject, failed.Row));

    private static WorkErrorClass ClassOf(Failed.Types.Class errorClass) => errorClass switch
    {
        Worker.V1.Failed.Types.Class.User => WorkErrorClass.User,
        Worker.V1.Failed.Types.Class.Resource => WorkErrorClass.Resource,
        _ => WorkErrorClass.Internal,
    };
}
