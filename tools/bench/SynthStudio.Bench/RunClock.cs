using System.Diagnostics;

namespace SynthStudio.Bench;

/// <summary>Seconds by the wall and by this process's processors, lap by lap.</summary>
internal sealed class RunClock
{
    private readonly Stopwatch wall = Stopwatch.StartNew();
    private double processor = ProcessorSeconds();

    /// <summary>What passed since the last lap.</summary>
    public (double Wall, double Processor) Lap()
    {
        var lap = (wall.Elapsed.TotalSeconds, ProcessorSeconds() - processor);
        processor = ProcessorSeconds();
        wall.Restart();
        return lap;
    }

    private static double ProcessorSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
