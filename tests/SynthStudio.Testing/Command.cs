using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SynthStudio.Testing;

/// <summary>A program run to its end.</summary>
public static partial class Command
{
    private const int CtrlC = 2;

    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(4);

    /// <summary>Runs the command line of this project.</summary>
    public static Task<CommandResult> SynthAsync(params string[] arguments) => RunAsync(Repository.Synth, arguments);

    /// <summary>Runs a program and waits for it.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="folder">Where it runs; the repository's root when null.</param>
    /// <param name="limit">How long it may take; four minutes when null.</param>
    /// <param name="interruptAt">The line on standard error at which Ctrl-C is pressed; null never does.</param>
    /// <exception cref="TimeoutException">It took longer, and was killed with all it had started.</exception>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, string? folder = null, TimeSpan? limit = null, Func<string, bool>? interruptAt = null)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder ?? Repository.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        var errors = new StringBuilder();
        var interrupted = interruptAt is null;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
                if (!interrupted && line.Data is { } text && interruptAt!(text))
                {
                    interrupted = true;
                    _ = Kill(process.Id, CtrlC);
                }
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        using var timeout = new CancellationTokenSource(limit ?? DefaultLimit);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            lock (errors)
            {
                return new CommandResult(process.ExitCode, output, errors.ToString().Trim());
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in time:\n{errors}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
