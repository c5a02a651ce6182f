using System.Reflection;
using SynthStudio.Compute;

namespace SynthStudio.Orchestration.Tests;

/// <summary>
/// What silos of two versions must agree on, a line a fact: every type that is sent or stored with its members' numbers, names and types, every value of
/// an enumeration, every grain with its stored states, every method that is called.
/// </summary>
internal static class GrainContracts
{
    private static readonly Assembly[] Assemblies = [typeof(WorkSpec).Assembly, typeof(JobGrain).Assembly, typeof(ComputeOptions).Assembly];

    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(double)] = "double",
        [typeof(void)] = "void", [typeof(byte[])] = "bytes",
    };

    /// <summary>Everything of ours that silos say to each other or store, in order.</summary>
    public static IReadOnlyList<string> Lines() =>
    [
        .. Assemblies.SelectMany(a => a.GetTypes()).SelectMany(Describe).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Describe(Type type)
    {
        if (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)) return DescribeCalls(type);
        if (typeof(Grain).IsAssignableFrom(type) && !type.IsAbstract) return DescribeGrain(type);
        return type.GetCustomAttribute<GenerateSerializerAttribute>() is not null ? DescribeData(type) : [];
    }

    private static IEnumerable<string> DescribeData(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        if (type.IsEnum) return Enum.GetNames(type).Select(name => $"{Name(type)} value {Enum.Parse(type, name):D} {name}");

        var parent = type.BaseType?.GetCustomAttribute<GenerateSerializerAttribute>() is null ? "" : $" : {Name(type.BaseType)}";
        return type.GetProperties(Own).Select(p => (Member: (MemberInfo)p, Type: p.PropertyType))
            .Concat(type.GetFields(Own).Select(f => (Member: (MemberInfo)f, Type: f.FieldType)))
            .Where(m => m.Member.IsDefined(typeof(IdAttribute)))
            .Select(m => $"{Name(type)} member {m.Member.GetCustomAttribute<IdAttribute>()!.Id} {m.Member.Name} {Name(m.Type)}")
            .Prepend($"{Name(type)} type{parent}");
    }

    private static IEnumerable<string> DescribeCalls(Type type) => type.GetMethods().Select(method =>
        $"{Name(type)} call {method.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"{method.Name} (no alias)"}"
        + $"({string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)))}) {Name(method.ReturnType)}");

    private static IEnumerable<string> DescribeGrain(Type type)
    {
        var name = type.GetCustomAttribute<GrainTypeAttribute>() is { } given ? $"{given.GetGrainType(null!, null!)}" : $"{type.FullName} (no grain type)";
        var states = type.GetConstructors().SelectMany(c => c.GetParameters())
            .Select(p => (Parameter: p, Stored: p.GetCustomAttribute<PersistentStateAttribute>()))
            .Where(p => p.Stored is not null)
            .Select(p => $"grain {name} state {p.Stored!.StateName} {Name(p.Parameter.ParameterType.GetGenericArguments()[0])}");
        return type.GetInterfaces().Where(i => i.IsDefined(typeof(AliasAttribute)) && typeof(IAddressable).IsAssignableFrom(i))
            .Select(i => $"grain {name} answers {Name(i)}").Concat(states);
    }

    /// <summary>The name that is sent: the alias, where there is one.</summary>
    private static string Name(Type type)
    {
        if (Words.TryGetValue(type, out var word)) return word;
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Name(value)}?";
        if (type.IsGenericParameter) return type.Name;

        var alias = Assemblies.Contains(type.Assembly) && type.GetCustomAttribute<AliasAttribute>(inherit: false) is { } given ? given.Alias
            : type.Assembly == typeof(object).Assembly ? type.Name
            : type.FullName!;
        return type.IsArray ? $"{Name(type.GetElementType()!)}[]" : type.IsGenericType ? $"{alias.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : alias;
    }
}
