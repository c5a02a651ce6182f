using System.Text.Json;
using SynthStudio.Api.Errors;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Privacy;

/// <summary>Terms from the wire, with the part that they name as its owner declared it.</summary>
internal sealed class PrivacyTermsReader(PrivacyLedger ledger, ApiOptions options)
{
    /// <param name="wanted">The terms; null for none.</param>
    /// <param name="dataset">The data set to be learned.</param>
    /// <param name="field">Path of the terms, for errors.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="RpcException">A number is out of range, or there is no such part.</exception>
    public async Task<PrivacyTerms?> ReadAsync(V1.PrivacyTerms? wanted, DatasetRecord dataset, string field, CancellationToken cancellation)
    {
        if (PrivacyTermsCheck.Read(wanted, field) is not { } terms) return null;
        if (!options.Features.Privacy) throw ApiErrors.FeatureOff(nameof(options.Features.Privacy));
        if (wanted!.Part.Length == 0) return terms;
        var partition = await ledger.FindPartitionAsync(dataset.Name, cancellation) ?? throw ApiErrors.InvalidField(
            $"{field}.part", $"{dataset.Name} is not divided: its owner declares parts with DeclarePrivacyPartition.", ErrorReasons.PartUnknown);
        var part = partition.Find(wanted.Part) ?? throw ApiErrors.InvalidField(
            $"{field}.part", $"must be a part of {dataset.Name}: {string.Join(", ", partition.Parts.Select(p => p.Name))}.", ErrorReasons.PartUnknown);
        return terms with { PartJson = part.ToJson(), UnitColumn = terms.UnitColumn.Length > 0 ? terms.UnitColumn : DeclaredUnit(dataset) };
    }

    /// <summary>Whose rows the owner said they are: a part must hold all of them.</summary>
    private static string DeclaredUnit(DatasetRecord dataset)
    {
        if (dataset.DeclaredSchemaJson.Length == 0) return "";
        using var schema = JsonDocument.Parse(dataset.DeclaredSchemaJson);
        return schema.RootElement.TryGetProperty("unit", out var unit) && unit.ValueKind == JsonValueKind.String ? unit.GetString()! : "";
    }
}
