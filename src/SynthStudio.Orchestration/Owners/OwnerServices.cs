using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Orchestration;

/// <summary>What every owner of work needs.</summary>
public sealed record OwnerServices(
    IProgressLog Log,
    ICatalogProjector Catalog,
    IPrivacyLedger Ledger,
    ILeaseStore Leases,
    SiloLeave Leave,
    TimeProvider Time,
    IOptions<OrchestrationOptions> Options,
    ILogger<OwnerServices> Logger);
