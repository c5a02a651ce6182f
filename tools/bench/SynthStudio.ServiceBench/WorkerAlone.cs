using System.Diagnostics;
using System.Globalization;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.ServiceBench;

/// <summary>A training by a worker process that no silo stands behind: what the service is measured against.</summary>
internal static class WorkerAlone
{
    /// <summary>
    /// Seconds from when the worker says that it begins, with all loaded that it computes with, as one that a silo started ahead, until it
    /// says that it is done.
    /// </summary>
    /// <param name="table">A CSV file.</param>
    /// <param name="scratch">A folder for the worker, made here.</param>
    /// <param name="steps">Steps of the autoregressive method.</param>
    /// <param name="core">The one processor core that it may use; null for all.</param>
    public static async Task<double> TrainAsync(string table, string scratch, int steps, int? core = null)
    {
        Directory.CreateDirectory(scratch);
        var order = new JobOrder
        {
            Job = "alone", Device = "auto", ScratchFolder = scratch, Threads = core is null ? 0 : 1,
            Train = new TrainOrder
            {
                Data = new DataFile { Path = table, FileName = Path.GetFileName(table) }, Method = "autoregressive",
                Options = { ["steps"] = steps.ToString(CultureInfo.InvariantCulture) },
            },
        };
        var clock = new Stopwatch();
        await using var worker = await WorkerHandle.StartAsync(
            core is { } pinned ? Pinned(scratch, pinned) : WorkerLocator.Find(), order, _ => { },
            CancellationToken.None);
        var completed = false;
        while (await worker.ReadAsync(CancellationToken.None) is { } said)
        {
            if (said.Started is not null) clock.Start();
            if (said.Completed is null) continue;
            clock.Stop();
            completed = true;
        }

        await worker.WaitForExitAsync(CancellationToken.None);
        return completed ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException("The worker did not complete its training.");
    }

    /// <summary>A command that is the worker on one core.</summary>
    private static string Pinned(string folder, int core)
    {
        var command = Path.Combine(folder, "pinned-worker");
        File.WriteAllText(command, string.Create(CultureInfo.InvariantCulture, $"#!/bin/sh\nexec taskset -c {core} '{WorkerLocator.Find()}' \"$@\"\n"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return command;
    }
}
