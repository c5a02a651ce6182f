using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using SynthStudio.Evaluation;
using SynthStudio.Synthesis;
using SynthStudio.Tabular;
using SynthStudio.Worker.V1;
using Class = SynthStudio.Worker.V1.Failed.Types.Class;

namespace SynthStudio.Worker.Running;

/// <summary>
/// Says what an exception means to the silo: who can mend it, and what is wrong. Of several that parallel work threw together, the first
/// counts. Of an unexpected one the silo's log gets the trace, and nobody what it says.
/// </summary>
internal static partial class JobFailure
{
    // EFBIG, ENOSPC and EDQUOT, as .NET reports them on Linux; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private static readonly int[] DiskFull = [27, 28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>Characters: some fifty frames.</summary>
    private const int LongestTrace = 8_000;

    public static Failed From(Exception exception, bool cancelWished)
    {
        var cause = exception is AggregateException together ? together.Flatten().InnerExceptions.FirstOrDefault(exception) : exception;
        if (cancelWished && cause is OperationCanceledException)
        {
            return new Failed { Class = Class.Cancelled, Reason = "CANCELLED", Message = "The job was cancelled on request." };
        }

        return cause switch
        {
            TableException { Error: TableError.DiskFull or TableError.OutOfMemory } e => Resource(UpperSnake(e.Error), e.Message),
            TableException e => new Failed
            {
                Class = Class.User, Reason = UpperSnake(e.Error), Message = e.Message, Subject = e.Column ?? "", Row = e.Row ?? 0,
            },
            SynthesisException { Error: SynthesisError.DeviceUnavailable } e => new Failed
            {
                Class = Class.Resource, Reason = UpperSnake(e.Error), Message = e.Message, Subject = e.Subject ?? "",
            },
            SynthesisException e => new Failed
            {
                Class = Class.User, Reason = UpperSnake(e.Error), Message = e.Message, Subject = e.Subject ?? "",
            },
            BoostingUnavailableException e => Resource("BOOSTING_UNAVAILABLE", e.Message),
            OutOfMemoryException => Resource("OUT_OF_MEMORY", "The worker ran out of memory. Use a smaller table or a machine with more memory."),
            IOException e when DiskFull.Contains(e.HResult) => Resource("DISK_FULL", "The disk of the worker's scratch folder is full."),
            ExternalException e when IsOutOfMemory(e) => Resource("OUT_OF_MEMORY", "The device ran out of memory. Use a smaller batch or model."),
            _ => Internal(cause.GetType(), exception),
        };
    }

    /// <summary><c>DuplicateColumn</c> becomes <c>DUPLICATE_COLUMN</c>.</summary>
    public static string UpperSnake(Enum error) => WordStart().Replace(error.ToString(), "_").ToUpperInvariant();

    private static bool IsOutOfMemory(ExternalException e) =>
        e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) ||
        e.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);

    private static Failed Resource(string reason, string message) => new() { Class = Class.Resource, Reason = reason, Message = message };

    private static Failed Internal(Type cause, Exception exception) => new()
    {
        Class = Class.Internal,
        Reason = "INTERNAL",
        Message = $"The worker failed unexpectedly ({cause.Name}). The silo's log has the trace.",
        Trace = Trace(exception),
    };

    /// <summary>Types and frames, from the outermost exception in; an unexpected exception's message may hold data values.</summary>
    private static string Trace(Exception exception)
    {
        var trace = new StringBuilder();
        for (var inner = exception; inner is not null && trace.Length < LongestTrace; inner = inner.InnerException)
        {
            trace.Append(inner.GetType().FullName).Append('\n').Append(inner.StackTrace).Append('\n');
        }

        return trace.ToString(0, Math.Min(trace.Length, LongestTrace));
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
