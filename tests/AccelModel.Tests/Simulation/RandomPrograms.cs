// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using static AccelModel.Scheduling.Semaphore;
using static AccelModel.Tests.Simulation.HandMadeSchedules;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Simulation;

/// <summary>Four programs of random instructions that wait and signal at random, some of which come to a standstill.</summary>
internal static class RandomPrograms
{
    public static Schedule Of(Random random)
    {
        double signalRate = 0.4 + (0.6 * random.NextDouble());
        double waitRate = 0.3 * random.NextDouble();
        return HandMadeSchedules.Of(
            Accelerator(
                random.Next(1, 5), random.Next(1, 5), random.Next(2) == 0, 1 << random.Next(0, 4), random.Next(1, 9), random.Next(1, 9)),
            Some(6, layer => Load(random.Next(1, 12), (LoadTarget)random.Next(3), layer,
                Pick(waitRate, Stored, ActivationFree, WeightFree, ParameterFree), Pick(signalRate, ActivationReady, WeightReady, ParameterReady))),
            Some(6, layer => Matmul(random.Next(1, 8), random.Next(1, 5), layer, random.Next(2) == 0,
                Pick(waitRate, ActivationReady, WeightReady, AccumulatorFree), Pick(signalRate, AccumulatorReady, ActivationFree, WeightFree))),
            Some(6, layer => Vector(random.Next(1, 4), random.Next(1, 4), random.Next(1, 3), layer,
                Pick(waitRate, ParameterReady, AccumulatorReady, OutputFree), Pick(signalRate, OutputReady, ParameterFree, AccumulatorFree))),
            Some(6, layer => Store(random.Next(1, 4), random.Next(1, 4), random.Next(1, 6), random.Next(0, 20), random.Next(0, 30), random.Next(0, 9), layer,
                Pick(waitRate, OutputReady), Pick(signalRate, Stored, OutputFree))),
            layers: 3);

        List<T> Some<T>(int most, Func<int, T> make) => [.. Enumerable.Range(0, random.Next(1, most)).Select(i => make(i / 2))];

        SemaphoreSet Pick(double rate, params Semaphore[] from) => Set([.. from.Where(_ => random.NextDouble() < rate)]);
    }
}
