using System.Diagnostics;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.DpSgd;

namespace SynthStudio.Bench.PrivateStep;

/// <summary>
/// Measures a training from its second step on and ends it after some; draws the batches of ordinary trainings, as privacy does for private ones.
/// </summary>
internal sealed class StepClock(PoissonBatch? batch, int last, CancellationTokenSource end) : ITrainingObserver
{
    private (double Wall, double Cpu) measured;

    private int steps;
    private long began;
    private TimeSpan cpu;

    public TrainingWish Wish
    {
        get
        {
            batch?.Draw();
            if (steps == 1) (began, cpu) = (Stopwatch.GetTimestamp(), Cpu());
            if (steps++ == last)
            {
                measured = (Stopwatch.GetElapsedTime(began).TotalMilliseconds, (Cpu() - cpu).TotalMilliseconds);
                end.Cancel();
            }

            return TrainingWish.Continue;
        }
    }

    /// <summary>Milliseconds a step.</summary>
    public (double Wall, double Cpu) PerStep => (measured.Wall / (last - 1), measured.Cpu / (last - 1));

    public void Report(TrainingProgress progress)
    {
    }

    public void CheckpointWritten(string file, long step)
    {
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;
}
