namespace SynthStudio.Tabular;

/// <summary>What a column probably tells of a person, by what was found in it and by its name. A proposal: the user decides.</summary>
internal static class SensitivityProposal
{
    private static readonly string[] Quasi =
    [
        "age", "alter", "edad", "eta", "idade", "leeftijd", "sex", "gender", "geschlecht", "sexe", "sexo", "sesso", "city", "town", "stadt", "ort", "ville",
        "ciudad", "citta", "cidade", "region", "county", "state", "bundesland", "country", "land", "pays", "pais", "paese", "native country", "nationality",
        "occupation", "profession", "job", "beruf", "metier", "employer", "education", "bildung", "marital", "marital status", "familienstand",
        "relationship", "household", "children", "language", "birth year", "year of birth", "geburtsjahr", "birthplace", "latitude", "longitude",
    ];

    private static readonly string[] Private =
    [
        "race", "ethnicity", "ethnic", "religion", "belief", "konfession", "diagnosis", "diagnose", "disease", "illness", "krankheit", "disability",
        "medication", "treatment", "hiv", "pregnant", "pregnancy", "genotype", "blood type", "sexual orientation", "orientation", "political", "party", "union",
        "gewerkschaft", "criminal", "conviction", "offence", "income", "salary", "einkommen", "gehalt", "revenu", "salario", "wealth", "debt", "smoker",
        "alcohol", "drug",
    ];

    public static Sensitivity Of(string column, ColumnKind kind, IReadOnlyList<PersonalDataFinding> findings)
    {
        if (kind == ColumnKind.Identifier
            || findings.Any(f => f.Kind is not (PersonalDataKind.BirthDate or PersonalDataKind.PostalCode or PersonalDataKind.Url)))
        {
            return Sensitivity.DirectIdentifier;
        }

        if (findings.Any(f => f.Kind != PersonalDataKind.Url)) return Sensitivity.QuasiIdentifier;
        var words = $" {string.Join(' ', NameWords.Of(column).Select(PersonNames.Fold))} ";
        return Says(Private) ? Sensitivity.Sensitive : Says(Quasi) ? Sensitivity.QuasiIdentifier : Sensitivity.None;

        bool Says(string[] phrases) => Array.Exists(phrases, p => words.Contains($" {p} ", StringComparison.Ordinal));
    }
}
