using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SynthStudio.Storage;

namespace SynthStudio.Compute;

/// <summary>What every run needs.</summary>
internal sealed record RunServices(
    IGrainFactory Grains,
    IObjectStore Objects,
    OrderTranslator Orders,
    WarmWorkers Workers,
    Accelerator Accelerator,
    ScratchFolders Scratch,
    IOptions<ComputeOptions> Options,
    TimeProvider Time,
    ILogger<RunServices> Logger);
