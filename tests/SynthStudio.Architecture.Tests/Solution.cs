using System.Xml.Linq;

namespace SynthStudio.Architecture.Tests;

/// <summary>The projects of the repository as their files declare them.</summary>
internal sealed class Solution
{
    private Solution(string root, IReadOnlyDictionary<string, Project> projects)
    {
        Root = root;
        Projects = projects;
    }

    /// <summary>The folder that holds SynthStudio.sln.</summary>
    public string Root { get; }

    /// <summary>Every project by its name.</summary>
    public IReadOnlyDictionary<string, Project> Projects { get; }

    public static Solution Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SynthStudio.sln")))
        {
            folder = folder.Parent;
        }

        var root = folder?.FullName ?? throw new InvalidOperationException("These tests run inside the repository.");
        var projects = new[] { "src", "silo", "tests", "tools" }
            .Select(top => Path.Combine(root, top))
            .Where(Directory.Exists)
            .SelectMany(top => Directory.EnumerateFiles(top, "*.csproj", SearchOption.AllDirectories))
            .Select(Project.Read)
            .ToDictionary(p => p.Name);
        return new Solution(root, projects);
    }

    /// <summary>The projects that <paramref name="project"/> reaches, itself included.</summary>
    public IReadOnlySet<string> Closure(string project)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([project]);
        while (open.TryPop(out var name))
        {
            if (reached.Add(name))
            {
                foreach (var reference in Projects[name].References)
                {
                    open.Push(reference);
                }
            }
        }

        return reached;
    }

    /// <summary>The packages that <paramref name="project"/> reaches through its projects.</summary>
    public IReadOnlySet<string> Packages(string project) =>
        Closure(project).SelectMany(name => Projects[name].Packages).ToHashSet();

    internal sealed record Project(string Name, string File, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
    {
        public static Project Read(string file)
        {
            var xml = XDocument.Load(file);
            var references = xml.Descendants("ProjectReference")
                .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
                .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
            var packages = xml.Descendants("PackageReference").Select(p => (string)p.Attribute("Include")!);
            return new Project(Path.GetFileNameWithoutExtension(file), file, [.. references], [.. packages]);
        }
    }
}
