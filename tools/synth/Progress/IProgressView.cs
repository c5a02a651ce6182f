namespace SynthStudio.Cli.Progress;

/// <summary>Shows how a command's steps go on. Writes to standard error; standard output belongs to results.</summary>
internal interface IProgressView : IAsyncDisposable
{
    /// <summary>Shows a step; a step not seen before is added, one that reaches fraction 1 is done.</summary>
    void Show(StepProgress progress);

    /// <summary>A line for people, between the steps.</summary>
    void Say(string line);
}
