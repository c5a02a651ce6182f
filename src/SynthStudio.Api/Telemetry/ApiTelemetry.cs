using System.Diagnostics.Metrics;

namespace SynthStudio.Api.Telemetry;

/// <summary>Figures of calls and transfers.</summary>
public static class ApiTelemetry
{
    /// <summary>Of the meter.</summary>
    public const string Name = "SynthStudio.Api";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("synthstudio.rpc.calls", "{call}", "Calls that ended, by method and status.");
    private static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>("synthstudio.rpc.streams", "{call}", "Streaming calls that are open, by method.");
    private static readonly Counter<long> Received = Meter.CreateCounter<long>("synthstudio.uploads.bytes", "By", "Bytes of uploads that were stored.");
    private static readonly Counter<long> Sent = Meter.CreateCounter<long>("synthstudio.downloads.bytes", "By", "Bytes of stored objects that were sent.");

    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("synthstudio.webhooks.attempts", "{attempt}", "Events that were sent to webhooks, by error; none for those that were taken.");

    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("synthstudio.assistant.tokens", "{token}", "Tokens that language models took, by task and direction.");
    private static readonly Counter<long> Transfers = Meter.CreateCounter<long>("synthstudio.transfers.ended", "{transfer}", "Imports and exports that ended, by state.");
    private static readonly Counter<long> Transferred = Meter.CreateCounter<long>("synthstudio.transfers.bytes", "By", "Bytes that imports and exports moved.");

    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "synthstudio.rpc.duration", "s", "Time of unary calls, by method.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] });

    private static long _faults;

    static ApiTelemetry() => Meter.CreateObservableCounter(
        "synthstudio.rpc.faults", () => Interlocked.Read(ref _faults), "{call}", "Calls that ended by an error of the server's own: INTERNAL, UNKNOWN or DATA_LOSS.");

    /// <summary>
    /// From now on the counter that an alert looks at is told, while it is still zero: an alert does not see a
    /// figure rise that begins above it.
    /// </summary>
    public static void TellFromZero() => Interlocked.Add(ref _faults, 0);

    internal static void Open(string method, long calls) => Streams.Add(calls, new KeyValuePair<string, object?>("method", method));

    internal static void End(string method, StatusCode status, TimeSpan? duration)
    {
        Calls.Add(1, new("method", method), new("status", status.ToString()));
        if (status is StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss) Interlocked.Increment(ref _faults);
        if (duration is { } time) Durations.Record(time.TotalSeconds, new KeyValuePair<string, object?>("method", method));
    }

    internal static void Receive(long bytes) => Received.Add(bytes);

    internal static void Deliver(string error) => Deliveries.Add(1, new KeyValuePair<string, object?>("error", error.Length > 0 ? error : "none"));

    internal static void EndTransfer(string state, long bytes)
    {
        Transfers.Add(1, new KeyValuePair<string, object?>("state", state));
        Transferred.Add(bytes);
    }

    internal static void Ask(string task, long asked, long answered)
    {
        Tokens.Add(asked, new("task", task), new("direction", "asked"));
        Tokens.Add(answered, new("task", task), new("direction", "answered"));
    }

    internal static void Send(long bytes) => Sent.Add(bytes);
}
