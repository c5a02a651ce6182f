using SynthStudio.Privacy.Ledger;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>The promise a training must keep: (epsilon, delta)-differential privacy of one unit's rows. Checked when it is made.</summary>
public sealed record PrivacyTerms
{
    /// <summary>Most privacy loss, above 0 and at most 100; 1 is strong, above 10 says little.</summary>
    public required double Epsilon
    {
        get;
        init => field = value is > 1e-6 and <= 100 ? value : throw Invalid("epsilon", "a number above 0.000001 and at most 100", value);
    }

    /// <summary>Probability of losing more than that, above 0 and at most 0.001; less than one over the number of rows where that is declared.</summary>
    public required double Delta
    {
        get;
        init => field = value is > 0 and <= 1e-3 ? value : throw Invalid("delta", "a number above 0 and at most 0.001", value);
    }

    /// <summary>Rows of the table, where they are public; null counts them with noise, from the budget.</summary>
    public long? Rows
    {
        get;
        init => field = value is null or >= 1 ? value : throw Invalid("rows", "at least 1", value.Value);
    }

    /// <summary>The column that says whose row it is; null promises for single rows: that every person has one is then the owner's statement.</summary>
    public string? UnitColumn { get; init; }

    /// <summary>Most rows of a unit that are used, 1 to 1000; the others are left out, chosen by chance.</summary>
    public int MaxRowsPerUnit
    {
        get;
        init => field = value is >= 1 and <= 1000 ? value : throw Invalid("max_rows_per_unit", "a whole number from 1 to 1000", value);
    }

    = 1;

    /// <summary>The part of a declared partition that is learned: rows outside of it are never looked at. Null for the whole table.</summary>
    public PartitionPart? Part { get; init; }

    /// <summary>These terms with what they leave open taken from the schema, checked against each other and it.</summary>
    /// <exception cref="SynthesisException">The unit column is none of the table's, or the numbers do not fit together.</exception>
    public PrivacyTerms CompletedBy(TableSchema schema)
    {
        var declared = schema.Population;
        var completed = this with { Rows = Rows ?? declared.Rows, UnitColumn = UnitColumn ?? declared.Unit };
        if (UnitColumn is null && completed.UnitColumn is not null && MaxRowsPerUnit == 1)
            completed = completed with { MaxRowsPerUnit = declared.MaxRowsPerUnit ?? 1 };
        if (completed.UnitColumn is { } unit && schema.Columns.All(c => c.Name != unit))
            throw new SynthesisException(SynthesisError.UnknownColumn, $"The unit column '{unit}' is none of the table's. Name one that says whose row it is.", unit);
        if (Part is { } part && schema.Columns.All(c => c.Name != part.Column))
            throw new SynthesisException(SynthesisError.UnknownColumn, $"The column '{part.Column}' of the partition is none of the table's.", part.Column);
        if (Part is not null && completed.UnitColumn is { } whose && whose != Part.Column)
        {
            throw new SynthesisException(
                SynthesisError.PrivacyTermsInvalid,
                $"All rows of one '{whose}' are protected, who may be in several parts by '{Part.Column}': divide the table by '{whose}', or learn all of it.", "part");
        }

        if (completed is { UnitColumn: null, MaxRowsPerUnit: > 1 })
        {
            throw new SynthesisException(
                SynthesisError.PrivacyTermsInvalid, "max_rows_per_unit needs a unit column: without one it cannot be enforced.", "max_rows_per_unit");
        }

        if (completed.Rows is { } rows && completed.Delta >= 1.0 / rows)
        {
            throw new SynthesisException(
                SynthesisError.PrivacyTermsInvalid,
                FormattableString.Invariant($"delta must be less than 1 / rows = {1.0 / rows:g3}: at {Delta:g3} publishing a few rows as they are would be allowed."),
                "delta");
        }

        return completed;
    }

    /// <summary>The terms of a request to a method that never trains without.</summary>
    /// <exception cref="SynthesisException">The request has none.</exception>
    public static PrivacyTerms Demanded(FitRequest request, string method) => request.Privacy ?? throw new SynthesisException(
        SynthesisError.PrivacyTermsInvalid, $"The method '{method}' trains under differential privacy only: give epsilon and delta.", "epsilon");

    private static SynthesisException Invalid(string name, string allowed, double value) => new(
        SynthesisError.PrivacyTermsInvalid, FormattableString.Invariant($"{name} must be {allowed}, not {value}."), name);
}
