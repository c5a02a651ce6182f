using Google.Protobuf;
using Google.Protobuf.Collections;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Mapping;

/// <summary>What an evaluation looks at, checked for what can be said without the tables, and as it is stored.</summary>
internal static class EvaluationSettingsMapping
{
    private const string Field = "evaluation.settings";

    /// <summary>Base 64; empty for the defaults. Whether the columns exist is checked by the worker.</summary>
    public static string ToRecord(V1.Evaluation wanted)
    {
        if (wanted.Settings is not { } settings) return "";
        if (!Enum.IsDefined(settings.PrivacyAttacks)) throw ApiErrors.InvalidField($"{Field}.privacy_attacks", "must be none, fast or full.");
        if (settings.ShadowModels is < 0 or 1 or > 64) throw ApiErrors.InvalidField($"{Field}.shadow_models", "must be 2 to 64, or 0 for none.");
        Check(settings.QuasiIdentifiers, "quasi_identifiers");
        Check(settings.ProtectedColumns, "protected_columns");
        Check(settings.Targets, "targets");
        return Convert.ToBase64String(settings.ToByteArray());
    }

    public static V1.EvaluationSettings? ToProto(string stored) =>
        stored.Length == 0 ? null : V1.EvaluationSettings.Parser.ParseFrom(Convert.FromBase64String(stored));

    private static void Check(RepeatedField<string> columns, string name)
    {
        if (columns.Any(column => column.Length == 0)) throw ApiErrors.InvalidField($"{Field}.{name}", "must name columns.");
        if (columns.Distinct(StringComparer.Ordinal).Count() < columns.Count) throw ApiErrors.InvalidField($"{Field}.{name}", "names a column twice.");
    }
}
