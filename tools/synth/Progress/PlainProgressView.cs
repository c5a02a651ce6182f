using System.Globalization;

namespace SynthStudio.Cli.Progress;

/// <summary>Lines: one when a step begins, one every few seconds, one when it is done.</summary>
internal sealed class PlainProgressView(TextWriter writer, TimeProvider time) : IProgressView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> started = [];
    private readonly HashSet<string> done = [];
    private long lastLine;

    public void Show(StepProgress progress)
    {
        lock (gate)
        {
            if (done.Contains(progress.Step))
            {
                return;
            }

            var isNew = started.TryAdd(progress.Step, time.GetTimestamp());
            if (progress.Fraction >= 1)
            {
                done.Add(progress.Step);
                var seconds = time.GetElapsedTime(started[progress.Step]).TotalSeconds;
                WriteLine($"{progress.Step,-9} done in {seconds:0.0} s{Suffix(progress.Detail)}");
            }
            else if (isNew || time.GetElapsedTime(lastLine) >= Interval)
            {
                var eta = progress.Remaining is { } left ? $", {Durations.Short(left)} left" : "";
                WriteLine($"{progress.Step,-9} {100 * progress.Fraction:0} %{eta}{Suffix(progress.Detail)}");
            }
        }
    }

    public void Say(string line)
    {
        lock (gate)
        {
            writer.WriteLine(line);
        }
    }

    public ValueTask DisposeAsync() => new(writer.FlushAsync());

    private static string Suffix(string detail) => detail.Length == 0 ? "" : $", {detail}";

    private void WriteLine(FormattableString line)
    {
        writer.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        lastLine = time.GetTimestamp();
    }
}
