using Microsoft.Extensions.Logging;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Compute;

/// <summary>
/// The methods of the worker executable and the devices it can compute on, asked of it when somebody first wants to know and again when its
/// files have changed. What failed is not tried again at once: anyone may ask, and every try starts a process.
/// </summary>
/// <param name="executable">The worker executable; null seeks it where it is built or shipped.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where the details of a failure go.</param>
internal sealed class WorkerMethods(string? executable, TimeProvider time, ILogger<WorkerMethods> logger) : IMethodDirectory, IDisposable
{
    private const string Argument = "--describe";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim asking = new(1, 1);
    private volatile Answer? known;

    public async ValueTask<IReadOnlyList<MethodDescription>> ListAsync(CancellationToken cancellation) =>
        (await OpenAsync(cancellation)).Methods;

    /// <summary>What workers compute on here: <c>cpu</c>, and <c>cuda</c> where their libtorch sees such a GPU.</summary>
    /// <exception cref="MethodsUnknownException">There is no worker that could tell.</exception>
    public async ValueTask<IReadOnlyList<string>> ListDevicesAsync(CancellationToken cancellation) => (await OpenAsync(cancellation)).Devices;

    /// <summary>
    /// The same, asked again although the worker is the one that answered before: a GPU may have gone or come back.
    /// What failed leaves the earlier answer as it is.
    /// </summary>
    /// <exception cref="MethodsUnknownException">There is no worker that could tell.</exception>
    public async ValueTask<IReadOnlyList<string>> LookAtDevicesAsync(CancellationToken cancellation)
    {
        var files = FindFiles();
        await asking.WaitAsync(cancellation);
        try
        {
            var answer = await AskAsync(files);
            if (answer.Error is null) known = answer;
            return answer.Open().Devices;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose() => asking.Dispose();

    private async ValueTask<Answer> OpenAsync(CancellationToken cancellation)
    {
        var files = FindFiles();
        if (Fresh(files) is { } answer) return answer.Open();

        await asking.WaitAsync(cancellation);
        try
        {
            answer = Fresh(files);
            if (answer is null) known = answer = await AskAsync(files);
            return answer.Open();
        }
        finally
        {
            asking.Release();
        }
    }

    private WorkerFiles FindFiles()
    {
        try
        {
            return WorkerFiles.Of(executable ?? WorkerLocator.Find());
        }
        catch (FileNotFoundException e)
        {
            MethodsLog.Missing(logger, e);
            throw new MethodsUnknownException(
                MethodsUnknownException.WorkerMissing, "This server has no worker executable: it can neither train nor draw. Its log says where it looked.", e);
        }
    }

    private Answer? Fresh(WorkerFiles files) =>
        known is { } answer && answer.Files == files && (answer.Error is null || time.GetElapsedTime(answer.Timestamp) < RetryAfter) ? answer : null;

    /// <summary>Not cancelled by who asked: the answer is for all.</summary>
    private async Task<Answer> AskAsync(WorkerFiles files)
    {
        try
        {
            var options = new ComputeOptions { WorkerPath = files.Executable, WorkerArguments = [Argument], LowPriority = false };
            await using var worker = WorkerProcess.Start(options);
            using var patience = new CancellationTokenSource(Patience, time);
            var said = await worker.ReadAsync(patience.Token);
            return said?.Description is { } description
                ? new Answer(files, [.. description.Methods.Select(Translate)], [.. description.Devices], null, time.GetTimestamp())
                : Broken(files, await worker.DescribeExitAsync(), null);
        }
        catch (OperationCanceledException e)
        {
            return Broken(files, $"said nothing for {Patience.TotalSeconds:0} s", e);
        }
        catch (Exception e) when (e is InvalidDataException or System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return Broken(files, e.Message, e);
        }
    }

    private Answer Broken(WorkerFiles files, string how, Exception? cause)
    {
        MethodsLog.Broken(logger, cause, files.Executable, how);
        var error = new MethodsUnknownException(
            MethodsUnknownException.WorkerBroken, "The worker executable of this server does not start: it can neither train nor draw. Its log says why.", cause);
        return new Answer(files, [], [], error, time.GetTimestamp());
    }

    private static MethodDescription Translate(Method method) =>
        new(method.Name, method.Summary, [.. method.Options.Select(Translate)], [.. method.Capabilities])
        {
            Memory = new TrainingMemory(method.MemoryBytes, method.MemoryBytesPerColumn, method.MemoryBytesPerCell, method.MostCellsInMemory),
        };

    private static MethodOptionDescription Translate(MethodOption option) => new(
        option.Name,
        option.Kind switch
        {
            MethodOption.Types.Kind.Integer => MethodOptionKind.Integer,
            MethodOption.Types.Kind.Number => MethodOptionKind.Number,
            MethodOption.Types.Kind.Flag => MethodOptionKind.Flag,
            MethodOption.Types.Kind.Choice => MethodOptionKind.Choice,
            _ => MethodOptionKind.Text,
        },
        option.Description,
        option.DefaultValue,
        option.Allowed)
    {
        Least = option.HasLeast ? option.Least : null,
        Most = option.HasMost ? option.Most : null,
        Choices = [.. option.Choices],
    };

    /// <summary>What a worker said, or how it failed.</summary>
    private sealed record Answer(
        WorkerFiles Files, IReadOnlyList<MethodDescription> Methods, IReadOnlyList<string> Devices, MethodsUnknownException? Error, long Timestamp)
    {
        public Answer Open() =>
            Error is null ? this : throw new MethodsUnknownException(Error.Reason, Error.Message, Error);
    }
}
