global using Microsoft.EntityFrameworkCore;
global using SynthStudio.Orchestration;
