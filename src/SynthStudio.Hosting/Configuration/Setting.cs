using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace SynthStudio.Hosting;

/// <summary>One setting of a host, as its options class declares it.</summary>
/// <param name="Name">As the configuration says it, for example <c>SynthStudio:Api:MaxRows</c>; a star stands for the number of
/// an entry that has settings of its own.</param>
/// <param name="Property">Where it goes.</param>
/// <param name="Default">What it is when nobody sets it; empty for nothing.</param>
/// <param name="IsSecret">Never shown, and also taken from a file: the setting with <c>File</c> at its name's end.</param>
public sealed record Setting(string Name, PropertyInfo Property, string Default, bool IsSecret)
{
    /// <summary>What the name of a setting ends with that names a file with the secret in it.</summary>
    internal const string FileSuffix = "File";

    private const string EachEntry = ":*:";

    /// <summary>Every setting, section by section, in the order in which the classes declare them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Of(new ServerOptions(), ServerOptions.SectionName)];

    /// <summary>Whether it is of the entries of a list, each of which has it.</summary>
    public bool IsOfEntries => Name.Contains(EachEntry, StringComparison.Ordinal);

    /// <summary>Whether it is a list, whose entries are settings with a number at their end.</summary>
    public bool IsList => Property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(Property.PropertyType);

    /// <summary>The kind of its value: of a list, that of an entry.</summary>
    public Type ValueType => IsList
        ? Property.PropertyType.GetGenericArguments().Single()
        : Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>What is allowed, in words.</summary>
    public string Allowed
    {
        get
        {
            var said = Property.GetCustomAttributes<ValidationAttribute>(inherit: true)
                .FirstOrDefault(a => a is RangeAttribute or RegularExpressionAttribute or EnumDataTypeAttribute or UrlAttribute)
                ?.ErrorMessage;
            if (said is not null)
            {
                return said.TrimEnd('.')
                    .Replace("must be ", "", StringComparison.Ordinal)
                    .Replace("must not be negative", "0 or more", StringComparison.Ordinal);
            }

            return ValueType == typeof(bool) ? "true or false" : IsList ? "a list (…:0, …:1, …)" : "text";
        }
    }

    /// <summary>What it is for: the comment of its property, from the documentation file beside its assembly; empty where that file is not there.</summary>
    public string Description => PropertyComments.Of(Property);

    /// <summary>Whether the type is a section of settings of its own.</summary>
    internal static bool IsSection(Type type) =>
        type is { IsClass: true, Namespace: { } space } && space.StartsWith(nameof(SynthStudio), StringComparison.Ordinal);

    /// <summary>This setting by the names that it has: of a list's entries, one for each.</summary>
    /// <param name="numbersOf">The numbers of a list's entries, by the list's name.</param>
    internal IEnumerable<Setting> Named(Func<string, IEnumerable<string>> numbersOf) => IsOfEntries
        ? numbersOf(Name[..Name.IndexOf(EachEntry, StringComparison.Ordinal)])
            .Select(number => this with { Name = Name.Replace(EachEntry, $":{number}:", StringComparison.Ordinal) })
        : [this];

    /// <summary>Whether this is the setting of a key, or the list whose entry it is.</summary>
    internal bool Is(string key)
    {
        var (mine, theirs) = (Name.Split(':'), key.Split(':'));
        if (theirs.Length != mine.Length + (IsList && theirs.Length > mine.Length ? 1 : 0)) return false;
        return mine.Zip(theirs).All(pair => pair.First == "*" ? IsNumber(pair.Second) : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase))
            && (theirs.Length == mine.Length || IsNumber(theirs[^1]));

        static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static IEnumerable<Setting> Of(object options, string section)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var (name, value) = ($"{section}:{property.Name}", property.GetValue(options));
            if (IsSection(property.PropertyType))
            {
                foreach (var inner in Of(value!, name)) yield return inner;
            }
            else if (EntryOf(property.PropertyType) is { } entry)
            {
                foreach (var inner in Of(Activator.CreateInstance(entry)!, $"{name}:*")) yield return inner;
            }
            else
            {
                var isSecret = property.GetCustomAttribute<DataTypeAttribute>()?.DataType == DataType.Password;
                yield return new Setting(name, property, Text(value), isSecret);
            }
        }
    }

    /// <summary>The type of a list's entries when they have settings of their own; null for anything else.</summary>
    private static Type? EntryOf(Type type) => type.IsGenericType && type.GetGenericArguments() is [var entry] && IsSection(entry) ? entry : null;

    /// <summary>A value as a configuration says it.</summary>
    internal static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string text => text,
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "",
    };
}
