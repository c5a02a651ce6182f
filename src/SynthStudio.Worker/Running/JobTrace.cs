using System.Diagnostics;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>The trace that an order belongs to. The worker sends none itself: it tells the silo of its steps, which puts them below its run.</summary>
internal static class JobTrace
{
    /// <summary>What is done from here on belongs to the order's trace; null when it has none.</summary>
    public static Activity? Begin(JobOrder order) =>
        ContextOf(order) is { } parent ? new Activity("job").SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start() : null;

    /// <summary>Whether somebody wants to know of the order's steps.</summary>
    public static bool IsSampled(JobOrder order) => ContextOf(order) is { TraceFlags: ActivityTraceFlags.Recorded };

    /// <summary>A line for the log, under the trace that it belongs to.</summary>
    public static string Mark(string line) => Activity.Current is { } current ? $"trace {current.TraceId}: {line}" : line;

    private static ActivityContext? ContextOf(JobOrder order) => ActivityContext.TryParse(order.TraceParent, null, out var parent) ? parent : null;
}
