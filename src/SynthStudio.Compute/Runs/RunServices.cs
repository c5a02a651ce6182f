using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Compute;

/// <summary>What every run needs.</summary>
internal sealed record RunServices(
    IGrainFactory Grains,
    OrderTranslator Orders,
    OutputCollector Outputs,
    WarmWorkers Workers,
    ScratchFolders Scratch,
    IOptions<ComputeOptions> Options,
    TimeProvider Time,
    ILogger<RunServices> Logger);
