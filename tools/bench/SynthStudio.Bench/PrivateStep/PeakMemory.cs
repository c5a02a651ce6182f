using System.Globalization;

namespace SynthStudio.Bench.PrivateStep;

/// <summary>Size of this process in MB, and its peak since the last reset, as Linux counts them.</summary>
internal static class PeakMemory
{
    public static void Reset() => File.WriteAllText("/proc/self/clear_refs", "5");

    public static double Current() => Read("VmRSS:");

    public static double Peak() => Read("VmHWM:");

    private static double Read(string name) => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;
}
