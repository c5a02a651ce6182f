using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SynthStudio.Testing.Servers;

/// <summary>A server in a process of its own, that ends with this one whatever happens.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Probe = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly OrphanGuard _guard;
    private readonly StringBuilder _said = new();

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        Start(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _guard = new OrphanGuard(process.Id);
    }

    /// <summary>Starts a program and waits until it answers.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="answers">Whether it serves; an exception is a no.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="InvalidOperationException">It is not installed, it ended, or did not answer in time; the message is what it said.</exception>
    public static async Task<ServerProcess> StartAsync(string[] command, Func<Task<bool>> answers, CancellationToken cancellation)
    {
        var server = new ServerProcess(new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true },
        });
        try
        {
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartLimit && !server._process.HasExited;)
            {
                if (await AnswersAsync(answers)) return server;
                await Task.Delay(Probe, cancellation);
            }

            throw new InvalidOperationException($"{command[0]} did not start:\n{server}");
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or it failed; the message is what it said.</exception>
    public static async Task RunAsync(string[] command, CancellationToken cancellation, string folder = "")
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..])
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        Start(process);
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} failed:\n{await output}\n{errors}");
    }

    /// <summary>Sends a signal and waits until the process has ended.</summary>
    public void End(string signal = "KILL")
    {
        if (_process.HasExited) return;
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        _process.WaitForExit();
    }

    /// <summary>Sends a signal: <c>STOP</c> lets the process hang, <c>CONT</c> go on.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        End();
        _guard.Dispose();
        _process.Dispose();
    }

    public override string ToString()
    {
        lock (_said) return _said.ToString();
    }

    private static void Start(Process process)
    {
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{process.StartInfo.FileName} could not be started; tests/install installs it. {e.Message}", e);
        }
    }

    private static async Task<bool> AnswersAsync(Func<Task<bool>> answers)
    {
        try
        {
            return await answers();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or System.Data.Common.DbException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_said) _said.AppendLine(line.Data);
    }
}
