using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>What every job gets: its order, where to write, whom to tell and whom to ask, and the model that the job before may have left.</summary>
internal sealed record JobContext(JobOrder Order, JobOutput Output, JobControl Control, LoadedModel Model, TimeProvider Time)
{
    public CancellationToken Cancellation => Control.Cancellation;

    /// <summary>A path in the scratch folder for <paramref name="fileName"/>.</summary>
    public string Scratch(string fileName) => Path.Combine(Order.ScratchFolder, fileName);
}
