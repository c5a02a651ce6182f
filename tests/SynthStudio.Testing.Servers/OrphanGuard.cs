using System.Diagnostics;

namespace SynthStudio.Testing.Servers;

/// <summary>Kills a process when this one ends without having done so, be it killed itself: a shell waits for the end of a pipe that we hold.</summary>
public sealed class OrphanGuard : IDisposable
{
    private readonly Process _shell;

    public OrphanGuard(int process) => _shell = Process.Start(
        new ProcessStartInfo("sh", ["-c", "read -r line || kill -9 \"$1\"", "sh", $"{process}"]) { RedirectStandardInput = true })!;

    /// <summary>Lets the process be.</summary>
    public void Dispose()
    {
        _shell.Kill();
        _shell.Dispose();
    }
}
