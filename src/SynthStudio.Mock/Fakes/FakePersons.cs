using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>
/// Which columns of a table tell of the same invented person. Columns of one role belong together (<c>sender_name</c> and
/// <c>sender_email</c>), and so do roles that have nothing in common (<c>name</c> and <c>work_email</c>); a second column of a class, or a
/// role that has what another one has, is somebody else.
/// </summary>
public static class FakePersons
{
    /// <summary>Words that say what a column holds, not whose it is.</summary>
    private static readonly HashSet<string> ClassWords = new(StringComparer.Ordinal)
    {
        "first", "last", "middle", "full", "given", "family", "fore", "sur", "name", "names", "firstname", "lastname", "fullname", "surname", "forename", "vorname", "nachname",
        "user", "username", "login", "e", "mail", "email", "address", "adresse", "addr", "street", "strasse", "line", "house", "city", "town", "ort", "zip", "plz", "post",
        "postal", "postcode", "code", "country", "land", "company", "firma", "phone", "telephone", "tel", "payment", "credit", "card", "iban", "bank", "account", "ssn",
        "social", "security", "number", "nr", "no", "num", "ip", "uuid", "guid", "id", "url", "website", "web", "site",
    };

    /// <summary>By column, its person, from 0.</summary>
    /// <param name="columns">Names, each once, and classes, in the order of the table.</param>
    public static IReadOnlyDictionary<string, int> ByName(IReadOnlyList<(string Name, ValueClass Class)> columns) =>
        columns.Zip(Of(columns)).ToDictionary(column => column.First.Name, column => column.Second, StringComparer.Ordinal);

    /// <summary>The person of each column, from 0.</summary>
    /// <param name="columns">Names and classes, in the order of the table.</param>
    public static IReadOnlyList<int> Of(IReadOnlyList<(string Name, ValueClass Class)> columns)
    {
        var groups = new Dictionary<(string Role, int Occurrence), Group>();
        var members = new List<Group>(columns.Count);
        foreach (var (name, about) in columns)
        {
            var role = Role(name);
            var occurrence = 0;
            Group? group;
            while (groups.TryGetValue((role, occurrence), out group) && group.Classes.Contains(about)) occurrence++;
            if (group is null) groups.Add((role, occurrence), group = new Group());
            group.Classes.Add(about);
            members.Add(group);
        }

        // In the order of their first columns: each group joins the first person that none of its like tells of.
        var persons = new List<List<Group>>();
        foreach (var group in members.Distinct())
        {
            var person = persons.FindIndex(others => !others.Exists(other => other.Clashes(group)));
            if (person < 0)
            {
                person = persons.Count;
                persons.Add([]);
            }

            persons[person].Add(group);
            group.Person = person;
        }

        return members.ConvertAll(group => group.Person);
    }

    /// <summary>The words of a name that say whose the value is: <c>sender</c> of <c>senderEmail2</c>.</summary>
    private static string Role(string name) => string.Join(' ', NameWords.WithoutDigits(name).Where(word => !ClassWords.Contains(word)));

    /// <summary>Columns of one role.</summary>
    private sealed class Group
    {
        public HashSet<ValueClass> Classes { get; } = [];

        public int Person { get; set; }

        /// <summary>Whether one person would say the same in both.</summary>
        public bool Clashes(Group other) => Classes.Overlaps(other.Classes) || IsNamedTwice(this, other) || IsNamedTwice(other, this);

        private static bool IsNamedTwice(Group whole, Group parts) => whole.Classes.Contains(ValueClass.FullName)
            && (parts.Classes.Contains(ValueClass.FirstName) || parts.Classes.Contains(ValueClass.LastName));
    }
}
