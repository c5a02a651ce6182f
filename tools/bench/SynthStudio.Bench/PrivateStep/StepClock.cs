using System.Diagnostics;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.DpSgd;

namespace SynthStudio.Bench.PrivateStep;

/// <summary>Measures a training from its second step on; draws the batches of ordinary trainings, as privacy does for private ones.</summary>
internal sealed class StepClock(PoissonBatch? batch) : ITrainingObserver
{
    private int steps;
    private long began;
    private TimeSpan cpu;

    public TrainingWish Wish
    {
        get
        {
            batch?.Draw();
            if (steps++ == 1) (began, cpu) = (Stopwatch.GetTimestamp(), Cpu());
            return TrainingWish.Continue;
        }
    }

    /// <summary>Milliseconds since the second step began.</summary>
    public (double Wall, double Cpu) SinceSecondStep() => (Stopwatch.GetElapsedTime(began).TotalMilliseconds, (Cpu() - cpu).TotalMilliseconds);

    public void Report(TrainingProgress progress)
    {
    }

    public void CheckpointWritten(string file, long step)
    {
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;
}
