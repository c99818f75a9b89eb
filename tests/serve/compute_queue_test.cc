#include "serve/compute_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace faultline::serve {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr milliseconds kLong{60'000};

std::string result_of(const std::shared_ptr<ComputeQueue::Ticket>& ticket) {
  ComputeQueue::View view;
  while (!view.ended) view = ticket->wait(milliseconds(10));
  return view.problem.empty() ? view.result : "problem: " + view.problem;
}

// Work that runs until it is told to stop.
std::string endless(const RunControl& control) {
  for (;;) {
    control.report({.what = "endless"});
    control.checkpoint();
    std::this_thread::sleep_for(milliseconds(1));
  }
}

void wait_until_it_runs(const std::shared_ptr<ComputeQueue::Ticket>& ticket) {
  while (ticket->wait(milliseconds(1)).progress.what.empty()) continue;
}

TEST(ComputeQueue, ComputesInTheOrderOfAsking) {
  ComputeQueue queue(3, kLong);
  std::promise<void> begin;
  const std::shared_future<void> begun = begin.get_future().share();
  std::vector<int> order;
  std::vector<std::shared_ptr<ComputeQueue::Ticket>> tickets;
  for (int i = 0; i < 4; ++i) {
    tickets.push_back(queue.submit([&order, begun, i](const RunControl&) {
      begun.wait();
      order.push_back(i);
      return std::to_string(i);
    }));
    ASSERT_NE(tickets.back(), nullptr);
  }
  EXPECT_EQ(tickets[3]->wait(milliseconds(0)).ahead, 3U);
  begin.set_value();
  EXPECT_EQ(result_of(tickets[3]), "3");
  EXPECT_EQ(result_of(tickets[0]), "0");
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
}

TEST(ComputeQueue, IsFullWithSoManyWaiting) {
  ComputeQueue queue(2, kLong);
  const auto running = queue.submit(endless);
  auto first = queue.submit(endless);
  auto second = queue.submit([](const RunControl&) { return "second"; });
  EXPECT_TRUE(queue.is_full());
  EXPECT_EQ(queue.submit(endless), nullptr);
  EXPECT_EQ(second->wait(milliseconds(0)).ahead, 2U);
  first.reset();  // makes room though another runs
  EXPECT_FALSE(queue.is_full());
  EXPECT_EQ(second->wait(milliseconds(0)).ahead, 1U);
  EXPECT_NE(queue.submit(endless), nullptr);
}

TEST(ComputeQueue, GivingUpATicketStopsTheWork) {
  ComputeQueue queue(2, kLong);
  auto running = queue.submit(endless);
  wait_until_it_runs(running);
  const auto next = queue.submit([](const RunControl&) { return "next"; });
  running.reset();
  EXPECT_EQ(result_of(next), "next");
}

TEST(ComputeQueue, SaysHowFarItIs) {
  ComputeQueue queue(0, kLong);
  std::promise<void> seen;
  const auto ticket = queue.submit([&](const RunControl& control) {
    control.report({.done = 3, .total = 10, .what = "steps"});
    seen.get_future().wait();
    return "done";
  });
  wait_until_it_runs(ticket);
  const ComputeQueue::View view = ticket->wait(milliseconds(0));
  EXPECT_FALSE(view.ended);
  EXPECT_EQ(view.progress.done, 3);
  EXPECT_EQ(view.progress.total, 10);
  seen.set_value();
  EXPECT_EQ(result_of(ticket), "done");
}

TEST(ComputeQueue, StopsWhatTakesTooLong) {
  ComputeQueue queue(1, milliseconds(20));
  EXPECT_THAT(result_of(queue.submit(endless)), HasSubstr("problem: stopped after"));
  EXPECT_EQ(result_of(queue.submit([](const RunControl&) { return "short"; })), "short");
}

TEST(ComputeQueue, WhatWorkThrowsIsItsProblem) {
  ComputeQueue queue(1, kLong);
  const auto fails = [](const RunControl&) -> std::string { throw Error(ErrorKind::model, "no logits"); };
  const auto breaks = [](const RunControl&) -> std::string { throw std::logic_error("inner detail"); };
  EXPECT_EQ(result_of(queue.submit(fails)), "problem: no logits");
  EXPECT_THAT(result_of(queue.submit(breaks)), HasSubstr("problem: the computation failed"));
  EXPECT_EQ(result_of(queue.submit([](const RunControl&) { return "goes on"; })), "goes on");
}

TEST(ComputeQueue, EndsWhileWorkRuns) {
  auto queue = std::make_unique<ComputeQueue>(1, kLong);
  queue->submit(endless).reset();
  queue.reset();
}

}  // namespace
}  // namespace faultline::serve
