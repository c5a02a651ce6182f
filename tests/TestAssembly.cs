// Compiled into every test project. Classes that measure or load both cores opt out with [DoNotParallelize].
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]
