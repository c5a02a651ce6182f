using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>
/// Invented values of all <see cref="ValueClass"/>es. Everything of one row and number of a person belongs to one invented person: the e-mail address
/// is made of the name, the address of street, postal code and city. Check digits are valid. No value is taken from anybody's data.
/// </summary>
/// <param name="locale">Language and country of names and places, as Bogus calls them, for example <c>en</c> or <c>de_AT</c>.</param>
/// <param name="seed">Equal seeds give equal values.</param>
/// <param name="unique">Whether values of classes that can be keys never repeat, for 10^11 rows.</param>
/// <param name="person">Which of the persons of a row, from 0; see <see cref="FakePersons"/>.</param>
public readonly struct FakeValues(string locale, long seed, bool unique = false, int person = 0)
{
    private const ulong Person = 0x50657273;

    /// <summary>Numbers of the classes that are numbers begin here: those of one row have nothing in common.</summary>
    private const ulong FirstNumber = 0x100;

    private readonly long own = unchecked(seed + (person * (long)0x9E3779B97F4A7C15));
    private readonly FakePools pools = FakePools.Of(locale);

    /// <summary>The locales there are.</summary>
    public static IReadOnlyList<string> Locales => FakePools.Locales;

    /// <summary>Whether the values of a class can be different in every row.</summary>
    public static bool CanBeUnique(ValueClass about) =>
        about is ValueClass.Email or ValueClass.UserName or ValueClass.Url or ValueClass.Uuid or ValueClass.PaymentCard or ValueClass.Iban;

    /// <summary>The value of a class in a row (from 0).</summary>
    public string Text(ValueClass about, long row)
    {
        // Who the person is must not depend on which columns a table has: each fact has a stream of its own.
        switch (about)
        {
            case ValueClass.FirstName:
                return Pick(pools.FirstNames, 1, row);
            case ValueClass.LastName:
                return Pick(pools.LastNames, 2, row);
            case ValueClass.FullName:
                return $"{Text(ValueClass.FirstName, row)} {Text(ValueClass.LastName, row)}";
            case ValueClass.UserName:
                return $"{AsciiText.Of(Text(ValueClass.FirstName, row))}.{AsciiText.Of(Text(ValueClass.LastName, row))}{Number(3, row)}";
            case ValueClass.Email:
                return $"{Text(ValueClass.UserName, row)}@{Pick(pools.Domains, 4, row)}";
            case ValueClass.Company:
                return Pick(pools.Companies, 5, row);
            case ValueClass.Street:
                var number = 1 + Fact(6, row).NextInt(199);
                return pools.NumberFirst ? $"{number} {Pick(pools.Streets, 7, row)}" : $"{Pick(pools.Streets, 7, row)} {number}";
            case ValueClass.City:
                return Pick(pools.Cities, 8, row);
            case ValueClass.PostalCode:
                return OtherDigits(Pick(pools.PostalCodes, 9, row), 2, row, 10);
            case ValueClass.Country:
                return Pick(pools.Countries, 11, row);
            case ValueClass.Address:
                return $"{Text(ValueClass.Street, row)}, {Text(ValueClass.PostalCode, row)} {Text(ValueClass.City, row)}";
            case ValueClass.Phone:
                return OtherDigits(Pick(pools.Phones, 12, row), 6, row, 13);
            case ValueClass.Url:
                return $"https://www.{Pick(pools.Domains, 4, row)}/{AsciiText.Of(Text(ValueClass.LastName, row))}{Number(14, row)}";
            default:
                return FakeNumbers.Text(about, Fact(FirstNumber + (ulong)about, row), unique ? FakeNumbers.Distinct(unchecked(own + (int)about), row) : null);
        }
    }

    private CellRandom Fact(ulong fact, long row) => new(own, Person + fact, row);

    private long Number(ulong fact, long row) => unique ? row : Fact(fact, row).NextInt(1000);

    private string Pick(string[] pool, ulong fact, long row) => pool[Fact(fact, row).NextInt(pool.Length)];

    /// <summary>The text with its last <paramref name="digits"/> digits drawn anew.</summary>
    private string OtherDigits(string text, int digits, long row, ulong fact)
    {
        var random = Fact(fact, row);
        var changed = text.ToCharArray();
        for (var i = changed.Length - 1; i > 0 && digits > 0; i--)
        {
            if (char.IsAsciiDigit(changed[i]))
            {
                changed[i] = (char)('0' + random.NextInt(10));
                digits--;
            }
        }

        return new string(changed);
    }
}
