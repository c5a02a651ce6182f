using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>One kind of job.</summary>
internal interface IJob
{
    /// <summary>The device it computes on, <c>cpu</c> or <c>cuda:0</c>.</summary>
    string DeviceName { get; }

    /// <summary>Does the work on the calling thread and says what came of it. Throws to fail; see <see cref="JobFailure"/>.</summary>
    Completed Run(JobContext context);
}
