using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence.Controls;

/// <summary>What several frameworks ask and this software keeps nothing about.</summary>
internal static class CommonQueries
{
    public static FactQuery Backups { get; } = SecurityQueries.NotStored("backups", "Are there backups, and were they restored once?", "backups of the database and the objects");

    public static FactQuery Contracts { get; } = SecurityQueries.NotStored("contracts", "Which contracts are there?", "contracts");

    public static FactQuery Incidents { get; } = SecurityQueries.NotStored("incidents", "Is there a plan for incidents?", "plans for incidents");
}
