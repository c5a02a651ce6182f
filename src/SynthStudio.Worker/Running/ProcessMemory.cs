using System.Diagnostics;
using System.Globalization;

namespace SynthStudio.Worker.Running;

/// <summary>Memory of this process.</summary>
internal static class ProcessMemory
{
    /// <summary>Highest resident memory so far in bytes, as the operating system counted it.</summary>
    public static long PeakBytes()
    {
        const string Status = "/proc/self/status";
        if (File.Exists(Status))
        {
            // "VmHWM:   123456 kB"
            var line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (line is not null)
            {
                return 1024 * long.Parse(line.AsSpan("VmHWM:".Length).Trim(" \tkB"), CultureInfo.InvariantCulture);
            }
        }

        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
