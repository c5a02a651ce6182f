using System.Diagnostics;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>The trace that an order belongs to. The worker sends none itself: it tells the silo of its steps, which puts them below its run.</summary>
internal static class JobTrace
{
    /// <summary>Whether somebody wants to know of the order's steps.</summary>
    public static bool IsSampled(JobOrder order) =>
        ActivityContext.TryParse(order.TraceParent, null, out var run) && run.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
}
