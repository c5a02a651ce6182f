namespace SynthStudio.Tabular;

/// <summary>The words in a column's name: <c>customerID</c>, <c>customer_id</c> and <c>Customer Id</c> are customer and id.</summary>
public static class NameWords
{
    private static readonly HashSet<string> KeyWords =
        new(StringComparer.Ordinal) { "id", "ids", "key", "uuid", "guid", "pk", "identifier", "oid", "rowid", "index", "hash" };

    /// <summary>The words, in lower case.</summary>
    public static IReadOnlyList<string> Of(string name)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            var end = i == name.Length || !char.IsLetterOrDigit(name[i]);
            var hump = !end && i > start && char.IsUpper(name[i])
                && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (end || hump)
            {
                if (i > start)
                {
                    words.Add(name[start..i].ToLowerInvariant());
                }

                start = end ? i + 1 : i;
            }
        }

        return words;
    }

    /// <summary>The words without their digits, in lower case: <c>senderEmail2</c> is sender and email.</summary>
    public static IEnumerable<string> WithoutDigits(string name) => Of(name)
        .SelectMany(word => string.Concat(word.Select(c => char.IsLetter(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static readonly HashSet<string> DurationWords = new(StringComparer.Ordinal) { "duration", "elapsed", "runtime", "timespan", "timedelta" };

    /// <summary>Whether the name says that the column holds lengths of time.</summary>
    internal static bool SayDuration(string name) => Of(name).Any(DurationWords.Contains);

    /// <summary>Words for those whose rows are about a person, where a number or key follows.</summary>
    private static readonly HashSet<string> Persons = new(StringComparer.Ordinal)
    {
        "customer", "cust", "client", "user", "person", "patient", "member", "employee", "emp", "staff", "student", "pupil", "teacher", "subscriber", "account",
        "acct", "cardholder", "household", "guest", "host", "tenant", "passenger", "driver", "doctor", "physician", "nurse", "agent", "beneficiary", "insured",
        "policyholder", "citizen", "voter", "resident", "applicant", "borrower", "debtor", "donor", "visitor", "player", "worker", "individual", "participant",
        "respondent", "kunde", "kunden", "patienten", "mitarbeiter", "personal", "mandant", "mandanten", "konto", "cliente", "paciente", "usuario", "empleado",
    };

    private static readonly HashSet<string> Numbers =
        new(StringComparer.Ordinal) { "id", "ids", "key", "uuid", "guid", "pk", "fk", "identifier", "hash", "no", "nr", "num", "number", "nummer" };

    /// <summary>Words for what is counted in categories, whose keys are codes that many rows share.</summary>
    private static readonly HashSet<string> Things = new(StringComparer.Ordinal)
    {
        "code", "zip", "postal", "postcode", "zone", "location", "city", "town", "country", "state", "region", "county", "district", "area", "place", "borough",
        "neighbourhood", "neighborhood", "station", "airport", "route", "product", "item", "sku", "category", "type", "class", "group", "kind", "brand", "model",
        "make", "genre", "department", "status", "level", "grade", "size", "color", "colour", "language", "currency", "year", "quarter", "month", "week", "day",
        "hour", "version", "topic", "tag", "channel", "campaign", "store", "shop", "branch", "site", "warehouse", "species", "index",
    };

    /// <summary>Words for what runs along with the rows of a table that is sorted by it, and says more than which row it is.</summary>
    private static readonly HashSet<string> Orders = new(StringComparer.Ordinal)
    {
        "year", "years", "yr", "quarter", "month", "week", "day", "hour", "minute", "second", "period", "step", "time", "age", "rank", "ranking", "position", "jahr", "quartal",
        "monat", "woche", "tag", "stunde", "alter", "rang", "annee", "année", "mois", "jour", "año", "ano", "mes", "edad", "anno",
    };

    /// <summary>Whether the name says that the column is a year, an age, a rank or the like.</summary>
    internal static bool SayOrder(string name) => Of(name).Any(Orders.Contains);

    /// <summary>Whether the name says that the column is a key.</summary>
    internal static bool SayKey(string name) => Of(name).Any(KeyWords.Contains) || SayPersonKey(name);

    /// <summary>Whether the name says that the column is a key, and not the code of a place, a product or the like.</summary>
    internal static bool SayReference(string name) => Of(name) is var words && words.Any(KeyWords.Contains) && !words.Any(Things.Contains);

    /// <summary>Words for persons whose name a column may hold: not for accounts, households and machines, which have names of another kind.</summary>
    private static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "customer", "client", "person", "patient", "member", "employee", "staff", "student", "pupil", "teacher", "subscriber", "cardholder", "guest", "tenant",
        "passenger", "driver", "doctor", "physician", "surgeon", "nurse", "therapist", "agent", "beneficiary", "insured", "policyholder", "citizen", "voter", "resident",
        "applicant", "borrower", "debtor", "donor", "visitor", "player", "worker", "participant", "respondent", "manager", "supervisor", "owner", "buyer", "contact",
        "spouse", "mother", "father", "child", "author", "kunde", "kunden", "patienten", "mitarbeiter", "arzt", "ansprechpartner", "cliente", "paciente", "empleado",
    };

    /// <summary>Whether the name says that the column holds names of persons: <c>doctor_name</c>, <c>name of customer</c>.</summary>
    internal static bool SayPersonName(string name)
    {
        var words = Of(name);
        return words.Count > 1 && (words[^1] is "name" or "names" ? Named.Contains(words[^2]) : words[0] is "name" && words[1] is "of" && Named.Contains(words[^1]));
    }

    /// <summary>Whether the name is that of persons, and their names may stand there: <c>customer</c>, <c>treating_doctor</c>, <c>doctor_name</c>.</summary>
    internal static bool SayPerson(string name) => SayPersonName(name) || (Of(name) is { Count: > 0 } words && Named.Contains(words[^1]));

    /// <summary>Whether the name speaks of what is counted in categories: places, brands, statuses.</summary>
    internal static bool SayThing(string name) => Of(name).Any(Things.Contains);

    /// <summary>Words a name ends with that numbers things one by one: <c>invoice_no</c>, <c>policyNumber</c>, <c>Rechnungsnummer</c>.</summary>
    private static readonly HashSet<string> Ordinals = new(StringComparer.Ordinal)
    {
        "no", "nr", "nro", "num", "number", "nummer", "numero", "número", "numéro", "code", "ref", "reference", "referenz",
    };

    /// <summary>Of these, what other words run into: not <c>no</c> and <c>num</c>, which end <c>casino</c> and <c>minimum</c> as well.</summary>
    private static readonly string[] JoinedOrdinals = ["number", "nummer", "nr", "code"];

    /// <summary>Words for what has a place or an amount: a page number says how far into the book, and a total number how many.</summary>
    private static readonly HashSet<string> Counted = new(StringComparer.Ordinal)
    {
        "page", "line", "floor", "room", "lap", "round", "level", "frame", "cycle", "episode", "chapter", "seite", "zeile", "etage", "total", "sum", "count", "mean",
        "average", "avg", "median", "min", "max", "minimum", "maximum", "anzahl", "gesamt",
    };

    /// <summary>
    /// Whether the name ends with a number or code of things. It is a key only where the values are distinct, too: the codes of places,
    /// status and the like repeat.
    /// </summary>
    internal static bool SayOrdinal(string name)
    {
        var words = Of(name);
        if (words.Count == 0 || words.Any(Orders.Contains) || words.Any(Counted.Contains)) return false;

        // Alone, a number may be one of anything.
        if (words[^1] is "number" or "num") return words.Count > 1;
        return Ordinals.Contains(words[^1]) || JoinedOrdinals.Any(ending => words[^1].EndsWith(ending, StringComparison.Ordinal));
    }

    /// <summary>Whether the name says that the column is a key of persons: <c>customer_id</c>, <c>userid</c>, <c>Kundennummer</c>.</summary>
    internal static bool SayPersonKey(string name)
    {
        var words = Of(name);
        return words.Any(word => Numbers.Any(number => word.EndsWith(number, StringComparison.Ordinal) && IsPerson(word[..^number.Length])))
            || Enumerable.Range(1, Math.Max(words.Count - 1, 0)).Any(i => Numbers.Contains(words[i]) && IsPerson(words[i - 1]));

        static bool IsPerson(string word) => Persons.Contains(word) || (word.EndsWith('s') && Persons.Contains(word[..^1]));
    }
}
