using System.Diagnostics;
using System.Globalization;

namespace SynthStudio.ClusterTorture;

internal static class Signals
{
    /// <summary>Sends a signal (<c>TERM</c>, <c>KILL</c>, <c>STOP</c>, <c>CONT</c>); false when there is no such process any more.</summary>
    public static async Task<bool> SendAsync(int process, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
        return kill.ExitCode == 0;
    }
}
