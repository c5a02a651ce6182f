using System.Runtime.InteropServices;

namespace SynthStudio.Cli.Outcome;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a cancelled token, so that the command can clean up; the second one ends the program.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    public Interruption() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
    ];

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (!source.IsCancellationRequested)
        {
            context.Cancel = true;
            Console.Error.WriteLine("Stopping; press Ctrl-C again to leave at once.");
            source.Cancel();
        }
        else
        {
            Environment.Exit(ExitCode.Interrupted);
        }
    }
}
