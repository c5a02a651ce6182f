using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SynthStudio.Cli.Progress;

/// <summary>A bar a step, with the time left as the worker expects it and the losses beside it.</summary>
internal sealed class LiveProgressView : IProgressView
{
    private readonly IAnsiConsole console;
    private readonly TaskCompletionSource<ProgressContext> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly Dictionary<string, ProgressTask> tasks = [];
    private readonly Dictionary<int, StepProgress> newest = [];
    private readonly Task display;

    public LiveProgressView(IAnsiConsole console)
    {
        this.console = console;
        display = console.Progress()
            .AutoRefresh(true)
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 16 },
                new PercentageColumn(),
                new NoteColumn(Note))
            .StartAsync(async context =>
            {
                begun.SetResult(context);
                await ended.Task;
            });
    }

    public void Show(StepProgress progress)
    {
        lock (gate)
        {
            if (!tasks.TryGetValue(progress.Step, out var task))
            {
                if (!begun.Task.IsCompletedSuccessfully)
                {
                    return;
                }

                task = begun.Task.GetAwaiter().GetResult().AddTask(progress.Step, maxValue: 1);
                tasks[progress.Step] = task;
            }

            newest[task.Id] = progress;
            task.Value = progress.Fraction;
            if (progress.Fraction >= 1 && task.StopTime is null)
            {
                task.StopTask();
            }
        }
    }

    public void Say(string line) => console.WriteLine(line);

    public async ValueTask DisposeAsync()
    {
        await begun.Task;
        ended.TrySetResult();
        await display;
    }

    private string Note(ProgressTask task)
    {
        lock (gate)
        {
            if (!newest.TryGetValue(task.Id, out var progress))
            {
                return "";
            }

            var times = progress.Fraction >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{task.ElapsedTime?.TotalSeconds:0.0} s")
                : progress.Remaining is { } left ? Durations.Short(left) + " left"
                : "";
            return string.Join(", ", new[] { times, progress.Detail }.Where(part => part.Length > 0));
        }
    }

    /// <summary>A column of words that change.</summary>
    private sealed class NoteColumn(Func<ProgressTask, string> note) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(note(task)) { Overflow = Overflow.Ellipsis };
    }
}
