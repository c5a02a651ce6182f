using System.Diagnostics;
using SynthStudio.Worker.Protocol;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// Stands between a silo that is labelled to have an accelerator and its workers on a machine that has none: what a worker is ordered to compute on the
/// accelerator it computes on the CPU, and when it is asked it sees one. Nothing else that they say to each other is changed.
/// </summary>
internal static class LabelledWorker
{
    public const string Verb = "labelled-worker";

    /// <summary>Writes the executable that the silo starts as its worker.</summary>
    /// <param name="folder">Where.</param>
    public static string Install(string folder)
    {
        var file = Path.Combine(folder, "labelled-worker");
        File.WriteAllText(file, $"#!/bin/sh\nexec '{Repository.Executable("SynthStudio.ClusterTorture")}' {Verb} \"$(readlink /proc/$PPID/exe)\" \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        return file;
    }

    /// <summary>Carries messages until either side leaves; answers the worker's exit code.</summary>
    /// <param name="silo">The silo's executable: its worker is of the same build.</param>
    /// <param name="arguments">The worker's.</param>
    public static async Task<int> RunAsync(string silo, string[] arguments)
    {
        const string Worker = "SynthStudio.Worker";
        var build = new FileInfo(silo).Directory!;
        var start = new ProcessStartInfo(Path.Combine(build.Parent!.Parent!.FullName, Worker, build.Name, Worker), arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        using var worker = Process.Start(start)!;
        await using var said = Console.OpenStandardOutput();
        var saying = arguments is ["--describe"] ? DescribeAsync(worker, said) : worker.StandardOutput.BaseStream.CopyToAsync(said);
        _ = OrderAsync(worker);
        await saying;
        await worker.WaitForExitAsync();
        return worker.ExitCode;
    }

    private static async Task DescribeAsync(Process worker, Stream said)
    {
        using var channel = WorkerChannel.ForSilo(worker.StandardOutput.BaseStream, Stream.Null);
        using var silo = WorkerChannel.ForWorker(Stream.Null, said);
        while (await channel.ReadAsync(CancellationToken.None) is { } message)
        {
            message.Description?.Devices.Add($"{TortureCluster.Accelerator}:0");
            await silo.WriteAsync(message, CancellationToken.None);
        }
    }

    private static async Task OrderAsync(Process worker)
    {
        using var silo = WorkerChannel.ForWorker(Console.OpenStandardInput(), Stream.Null);
        using var channel = WorkerChannel.ForSilo(Stream.Null, worker.StandardInput.BaseStream);
        try
        {
            while (await silo.ReadAsync(CancellationToken.None) is { } message)
            {
                if (message.Order is { Device: TortureCluster.Accelerator } order) order.Device = "cpu";
                await channel.WriteAsync(message, CancellationToken.None);
            }
        }
        catch (IOException)
        {
            // One of the two is gone.
        }

        worker.StandardInput.Close(); // The silo is gone, or wants no more: the worker leaves.
    }
}
