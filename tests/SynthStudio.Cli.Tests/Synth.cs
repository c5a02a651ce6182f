using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SynthStudio.Cli.Tests;

/// <summary>Runs the real command line in a process of its own.</summary>
internal static partial class Synth
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // artifacts/bin/SynthStudio.Cli.Tests/<configuration>/ -> artifacts/bin/synth/<configuration>/
    private static readonly string Executable = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "synth", new DirectoryInfo(AppContext.BaseDirectory).Name, OperatingSystem.IsWindows() ? "synth.exe" : "synth");

    public static Task<SynthResult> RunAsync(params string[] arguments) => RunAsync(_ => false, arguments);

    /// <summary>Runs it, and sends Ctrl-C when <paramref name="interrupts"/> says so of a line on standard error.</summary>
    public static async Task<SynthResult> RunAsync(Func<string, bool> interrupts, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var errors = new StringBuilder();
        var interrupted = false;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
                if (!interrupted && line.Data is { } text && interrupts(text))
                {
                    interrupted = true;
                    _ = Kill(process.Id, signal: 2);
                }
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        lock (errors)
        {
            return new SynthResult(process.ExitCode, output, errors.ToString().Trim());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

/// <summary>How a run ended.</summary>
internal sealed record SynthResult(int ExitCode, string Output, string Errors);
