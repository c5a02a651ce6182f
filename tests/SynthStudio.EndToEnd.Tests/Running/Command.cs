using System.Diagnostics;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>A program run to its end.</summary>
internal static class Command
{
    /// <summary>Runs a program and waits for it; kills it and fails when it takes longer than <paramref name="limit"/>.</summary>
    public static async Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, string? folder = null, TimeSpan? limit = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(3));
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new AssertFailedException($"{program} {string.Join(' ', arguments)} did not end in time.");
        }
    }

    /// <summary>Runs the command line of this project.</summary>
    public static Task<CommandResult> SynthAsync(params string[] arguments) => RunAsync(Repository.Synth, arguments);
}

internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test with everything the program said unless it ended well.</summary>
    public CommandResult Succeeded()
    {
        Assert.AreEqual(0, ExitCode, $"{Output}\n{Error}");
        return this;
    }
}
