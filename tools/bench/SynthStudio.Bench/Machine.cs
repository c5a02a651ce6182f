using System.Runtime.InteropServices;

namespace SynthStudio.Bench;

/// <summary>What a measurement was made on, in words.</summary>
internal static class Machine
{
    public static string Describe() => FormattableString.Invariant(
        $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores, ")
        + FormattableString.Invariant($"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB memory, {RuntimeInformation.OSDescription}, ")
        + RuntimeInformation.FrameworkDescription;
}
