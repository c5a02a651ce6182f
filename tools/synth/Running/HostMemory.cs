using System.Diagnostics;
using System.Globalization;

namespace SynthStudio.Cli.Running;

/// <summary>Memory of this process.</summary>
internal static class HostMemory
{
    /// <summary>Highest resident memory so far in bytes.</summary>
    public static long PeakBytes()
    {
        const string Status = "/proc/self/status";
        if (File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line)
        {
            return 1024 * long.Parse(line.AsSpan("VmHWM:".Length).Trim(" \tkB"), CultureInfo.InvariantCulture);
        }

        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
